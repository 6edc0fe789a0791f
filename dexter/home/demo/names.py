"""Names as a Swedish school has them: Swedish, Arabic, Somali, Finnish, Sami, and hyphenated."""

GIVEN = {
    "Kvinna": (
        "Alice Maja Vera Alma Selma Elsa Lilly Ella Astrid Wilma Ebba Saga Freja Olivia Alva Nora Signe Tuva Märta Klara Ester "
        "Ines Noor Leila Amira Fatima Yasmin Mariam Hodan Ayaan Fadumo Sahra Aino Helmi Venla Inga Máret Sunna Ronja Tove "
        "Linnéa Anna-Lena Eva Maria Karin Kristina Åsa Birgitta Zeynep Anastasia Nina Petra"
    ).split(),
    "Man": (
        "Noah William Liam Hugo Lucas Adam Oliver Matteo Frans Elias Oscar Alexander Charlie Vincent Arvid Nils Axel Viggo "
        "Sixten Melker Mohamed Ali Yusuf Omar Sami Karim Abdi Ismail Hassan Warsame Eino Onni Väinö Ánte Mihkkal Piera Jonas "
        "Lars Anders Mikael Johan Erik Karl-Johan Åke Örjan Emre Dmitri Tobias"
    ).split(),
}
FAMILY = (
    "Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Lindqvist Öberg Åkesson "
    "Ekström Sjöberg Holm Lindgren Nyström Bergqvist Sandström Hedlund Björk Wallin Ström Lundin Haddad Al-Sayed Khalil "
    "Rahimi Hosseini Warsame Abdi Hassan Farah Jama Lahti Niemi Korhonen Mäkelä Utsi Sara Blind Labba Nilsson-Berg Lundström "
    "Haddad Yılmaz Kowalski Nguyen Petrov"
).split()
TREES = ("Gran Åsen Björk Lind Ek Alm Rönn Tall Ask Hassel Sälg Asp Lönn Hägg Oxel En").split()
